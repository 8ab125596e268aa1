"""OMD: the multicast market data of the securities market (OMD-C) and of China Connect (OMD-CC)."""
