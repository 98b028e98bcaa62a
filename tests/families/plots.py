"""Plots, and the libraries that draw them."""

from typing import Any

from tests.families.case import Case, says, shows

DATA = "import pandas as pd\ndf = pd.DataFrame({'x': range(8), 'y': [3, 1, 4, 1, 5, 9, 2, 6]})"


def _is_chart(preview: dict[str, Any]) -> bool:
    return any("vega" in m for c in preview["cells"] for o in c["outputs"] for m in o["data"])


CASES = (
    Case(
        "matplotlib inline",
        "plt.plot(df.x, df.y); plt.title('over x');",
        ("%matplotlib inline\nimport matplotlib.pyplot as plt", DATA),
        check=shows("image/png"),
    ),
    Case(
        "matplotlib inline, drawn into a figure that was open",
        "ax.plot([1, 2], [2, 1])\nfig",
        ("%matplotlib inline\nimport matplotlib.pyplot as plt", "fig, ax = plt.subplots();"),
        check=shows("image/png"),
    ),
    Case(
        "matplotlib Agg, saved to a file",
        "fig, ax = plt.subplots()\nax.plot([1, 2])\nfig.savefig('plot.png')\nprint('saved')",
        ("import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt",),
        status=("previewed", "failed"),
        check=lambda p: p["status"] == "failed" or says("saved")(p),
        same=False,
    ),
    Case(
        "pandas' plot, and the table it is made of",
        "display(df.head(2))\ndf.plot.bar(x='x', y='y')",
        (DATA,),
        check=lambda p: shows("image/png")(p) and shows("text/html")(p),
    ),
    Case(
        "an image that an object draws of itself",
        "plt.get_cmap('Spectral')",
        ("import matplotlib.pyplot as plt",),
        check=lambda p: shows("image/png")(p) and shows("text/html")(p),
    ),
    Case(
        "seaborn",
        "sns.histplot(data=df, x='y', bins=4);",
        ("import seaborn as sns", DATA),
        check=shows("image/png"),
        needs=("seaborn",),
    ),
    Case(
        "plotly",
        "px.bar(df, x='x', y='y')",
        (
            (
                "import plotly.express as px, plotly.io as pio\n"
                "pio.renderers.default = 'plotly_mimetype'"
            ),
            DATA,
        ),
        check=shows("application/vnd.plotly.v1+json"),
        needs=("plotly", "nbformat"),
    ),
    Case(
        "altair, as it shows itself: a page with scripts, and for the preview the data",
        "alt.Chart(df).mark_bar().encode(x='x:O', y='y')",
        ("import altair as alt", DATA),
        check=lambda p: shows("text/html")(p) and _is_chart(p),
        needs=("altair",),
        same=False,
    ),
    Case(
        "altair",
        "alt.Chart(df).mark_bar().encode(x='x:O', y='y')",
        ("import altair as alt\nalt.renderers.enable('mimetype')", DATA),
        check=_is_chart,
        needs=("altair",),
    ),
)
