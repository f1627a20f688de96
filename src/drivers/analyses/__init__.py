"""One question a module: a Survey in, a frozen result out."""
