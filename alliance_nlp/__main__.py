"""``python -m alliance_nlp`` does what ``alliance-nlp`` does."""

from alliance_nlp.commands.main import main

if __name__ == "__main__":
    main()
