"""`python -m output.worker`."""

import gc

gc.disable()  # imports make no garbage; looking for it took a tenth of the start-up

from output.worker.main import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
