"""`python -m output.api`."""

import gc

gc.disable()  # imports make no garbage; looking for it took a tenth of the start-up

from output.api.main import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
