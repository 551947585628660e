"""The shuffle filter of HDF5 and Blosc."""


def unshuffled(width: int, data: bytes) -> bytes:
    """Numbers of so many bytes, of which all first bytes stand first, then all second ones, …"""
    count = len(data) // max(width, 1)
    if width < 2 or count < 2:  # a damaged width may be any number
        return data
    whole = bytearray(len(data))
    for byte in range(width):
        whole[byte : count * width : width] = data[byte * count : (byte + 1) * count]
    whole[count * width :] = data[count * width :]
    return bytes(whole)
