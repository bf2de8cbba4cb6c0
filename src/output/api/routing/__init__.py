"""What routes share: which run a path means, parameters, bodies, clients that leave."""
