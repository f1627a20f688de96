"""Survey files in, one frozen Survey out."""
