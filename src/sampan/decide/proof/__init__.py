"""Properties of policies, proved over every request that the schema allows, or refuted by one of them."""
