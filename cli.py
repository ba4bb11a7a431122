"""Launcher for a checkout: ``python cli.py tag …`` does what the installed ``alliance-nlp`` does."""

from alliance_nlp.commands.main import main

if __name__ == "__main__":
    main()
