"""Other ASGI servers than Daphne: a project's followers are let go under each of them."""

import asyncio
from uuid import uuid4

import httpx
import pytest
import websockets

from tests.benchmarks.servers import DAPHNE, GRANIAN, UVICORN, serving

PATIENCE = 10


@pytest.mark.parametrize("command", [DAPHNE, UVICORN, GRANIAN], ids=lambda command: command[0])
async def test_a_deletion_closes_the_socket(command):
    """Whoever follows a deleted project is told, and closed with 4410; nothing of the connection is left."""
    project = str(uuid4())
    with serving(command, "tests.realtime.stage:application") as server:
        address = f"127.0.0.1:{server.port}"
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE, trust_env=False) as http:
            await http.post("/create", json={"project": project})
            async with websockets.connect(f"ws://{address}/ws/projects/{project}/", proxy=None) as client:
                assert '"status":"DRAFT"' in await client.recv()
                await http.post("/delete", json={"project": project})
                async with asyncio.timeout(PATIENCE):
                    assert await client.recv() == f'{{"type":"deleted","data":{{"project_id":"{project}"}}}}'
                    with pytest.raises(websockets.ConnectionClosed):
                        await client.recv()
            assert client.close_code == 4410
            async with asyncio.timeout(PATIENCE):
                while (await http.post("/connections", json={})).json():
                    pass
