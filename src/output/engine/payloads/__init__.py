"""Values as the engine carries them."""
