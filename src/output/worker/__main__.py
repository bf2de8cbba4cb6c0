"""`python -m output.worker`."""

from output.worker.entry import main

if __name__ == "__main__":
    main()
