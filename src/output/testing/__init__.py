"""What users need in the tests of their workflows."""
