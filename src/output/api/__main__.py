"""`python -m output.api`."""

from output.api.entry import main

if __name__ == "__main__":
    main()
