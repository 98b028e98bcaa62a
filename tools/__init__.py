"""What `dev.py` is made of (standard library only), and generators that it runs."""
