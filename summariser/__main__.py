"""`python -m summariser`."""

from summariser.cli import main

if __name__ == "__main__":
    main()
