"""The ways in: magics, the front end's comm, a terminal. Only these know IPython and Jupyter."""
