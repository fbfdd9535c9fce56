"""Run the command line with ``python -m optima_lib``."""

from optima_lib.cli import main

if __name__ == "__main__":
    main()
