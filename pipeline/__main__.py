"""Lets `python -m pipeline` stand for the command `pressroom`."""

from pipeline.cli.main import main

main()
