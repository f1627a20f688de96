"""Arrays in, arrays or small frozen results out; numpy and scipy only."""
