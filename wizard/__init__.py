"""How people meet KetaPath: the interview, the result and the screens around them."""
