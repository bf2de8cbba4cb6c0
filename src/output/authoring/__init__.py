"""What an author writes: steps, workflows and what they may say."""
