"""Carry connections between a TCP port of 127.0.0.1 and a socket file, which may be in another network.

python relay.py in SOCKET PORT     from the file to the port
python relay.py out SOCKET PORT    from the port to the file
"""

import asyncio
import sys


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def relay(way: str, socket: str, port: int) -> None:
    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if way == "in":
                there = await asyncio.open_connection("127.0.0.1", port)
            else:
                there = await asyncio.open_unix_connection(socket)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pour(reader, there[1]), _pour(there[0], writer))

    if way == "in":
        server = await asyncio.start_unix_server(join, socket)
    else:
        server = await asyncio.start_server(join, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1], sys.argv[2], int(sys.argv[3])))
