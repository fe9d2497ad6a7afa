"""Les ouvriers : tout travail a une réponse, une mort n’en perd aucun, rien ne reste après."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.grading.pool import Pool


def drain(pool, count):
    replies = []
    while len(replies) < count:
        replies += pool.wait(5)
    return replies


def doubler(job):
    return {"double": 2 * job["n"], "pid": os.getpid()}


def deadly(folder):
    """Meurt à chaque fois sur « mort », une seule fois sur « fragile »."""

    def handle(job):
        if job["n"] == "mort" or (job["n"] == "fragile" and not (folder / "vu").exists()):
            if job["n"] == "fragile":
                (folder / "vu").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if job["n"] == "long":
            time.sleep(60)
        return {"n": job["n"]}

    return handle


def gone(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_every_job_gets_its_reply_and_all_workers_work():
    with Pool(2, lambda: lambda: doubler) as pool:
        for n in range(200):
            pool.submit({"n": n})
        replies = drain(pool, 200)
        pids = pool.pids
        assert not pool.busy
    assert {reply.job["n"]: reply.value["double"] for reply in replies} == {n: 2 * n for n in range(200)}
    assert {reply.value["pid"] for reply in replies} == set(pids)
    assert all(gone(pid) for pid in pids)


def test_deadly_job_is_tried_twice_and_loses_no_other(tmp_path):
    with Pool(1, lambda: lambda: deadly(tmp_path)) as pool:
        for n in ("a", "mort", "b", "fragile", "c"):
            pool.submit({"n": n})
        replies = drain(pool, 5)
        assert pool.deaths == 3
    by_name = {reply.job["n"]: reply for reply in replies}
    assert by_name["mort"].value is None
    assert "mémoire" in by_name["mort"].cause
    assert all(by_name[n].value == {"n": n} for n in ("a", "b", "fragile", "c"))


def test_silent_worker_is_replaced(tmp_path):
    with Pool(1, lambda: lambda: deadly(tmp_path), job_s=5) as pool:
        pool.submit({"n": "long"})
        pool.submit({"n": "suite"})
        replies = drain(pool, 2)
    assert [(reply.job["n"], reply.value) for reply in replies] == [("long", None), ("suite", {"n": "suite"})]


def test_slow_start_is_not_taken_for_a_silent_job():
    def setup():
        time.sleep(6)
        return doubler

    with Pool(1, lambda: setup, job_s=5) as pool:
        pool.submit({"n": 1})
        assert drain(pool, 1)[0].value["double"] == 2
        assert pool.deaths == 0


def test_worker_never_ready_is_told_with_the_time_it_was_given():
    with Pool(1, lambda: lambda: time.sleep(60), start_s=0.2) as pool:
        pool.submit({})
        with pytest.raises(AtelierImpossible, match=r"pas prêt après 0\.2 secondes"):
            drain(pool, 1)


def test_workers_die_with_a_killed_main_process(tmp_path):
    code = (
        "import sys, time\n"
        "from formation.classroom.grading.pool import Pool\n"
        "with Pool(2, lambda: lambda: lambda job: time.sleep(60)) as pool:\n"
        "    pool.submit({}); pool.submit({})\n"
        "    print(*pool.pids, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as main:
        pids = [int(word) for word in main.stdout.readline().split()]
        main.kill()
    assert len(pids) == 2
    assert wait_until(lambda: all(gone(pid) for pid in pids))


def test_worker_that_cannot_start_stops_everything_with_its_reason():
    def setup():
        raise RuntimeError("il manque un module")

    with Pool(1, lambda: setup) as pool:
        pool.submit({})
        with pytest.raises(AtelierImpossible, match="il manque un module"):
            drain(pool, 1)


def test_worker_that_dies_at_birth_is_not_started_for_ever():
    with Pool(1, lambda: lambda: os._exit(3)) as pool:
        pool.submit({})
        with pytest.raises(AtelierImpossible, match="ne démarrent pas"):
            drain(pool, 1)


def test_interrupt_from_the_terminal_leaves_workers_to_the_main_process():
    with Pool(1, lambda: lambda: doubler) as pool:
        pool.submit({"n": 1})
        drain(pool, 1)
        os.kill(pool.pids[0], signal.SIGINT)
        pool.submit({"n": 2})
        assert drain(pool, 1)[0].value["double"] == 4
        assert pool.deaths == 0
