"""OTP-C and OTP-CSC: the trading gateways OCG-C and CCCG, by their binary protocol and by FIX."""
