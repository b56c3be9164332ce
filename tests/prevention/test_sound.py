"""What comes is known by its content, leaves in Opus, or is refused for its own reason with nothing left behind."""

import random
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from allervers.prevention import errors, formats, sound
from tests.prevention.sounds import noise


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _decoded(path: Path) -> float:
    with av.open(str(path)) as held:
        return sum(frame.samples for frame in held.decode(audio=0)) / sound.RATE


def test_a_recording_becomes_opus_in_one_channel_without_its_metadata(tmp_path: Path) -> None:
    source = tmp_path / "voice.mka"
    with av.open(str(source), "w", format="matroska") as out:
        stream = out.add_stream("pcm_s16le", rate=44_100, layout="stereo")
        out.metadata["title"] = "Madame Zarrouk au 06"
        with av.open(str(noise(tmp_path / "in.wav", 3))) as held:
            to_stereo = av.AudioResampler(format="s16", layout="stereo", rate=44_100)
            for frame in held.decode(audio=0):
                for piece in to_stereo.resample(frame):
                    out.mux(stream.encode(piece))
        out.mux(stream.encode(None))

    made = sound.encode(source, tmp_path / "out.ogg")

    with av.open(str(made.path)) as held:
        codec = held.streams.audio[0].codec_context
        assert (codec.name, codec.layout.name, codec.sample_rate) == ("opus", "mono", 48_000)
    assert made.seconds == pytest.approx(3, abs=0.1) and made.size == made.path.stat().st_size
    assert b"Zarrouk" in source.read_bytes() and b"Zarrouk" not in made.path.read_bytes()


@pytest.mark.slow
def test_five_minutes_of_the_hardest_sound_weigh_less_than_0_7_megabyte(tmp_path: Path) -> None:
    made = sound.encode(noise(tmp_path / "five.wav", 300), tmp_path / "five.ogg")

    assert 100_000 < made.size <= 700_000
    assert made.seconds == pytest.approx(300, abs=0.2)


def _text(path: Path) -> Path:
    path.write_text("Bonjour. " * 900)
    return path


def _program(path: Path) -> Path:
    path.write_bytes(b"MZ\x90\0" + random.Random(3).randbytes(90_000))
    return path


def _cut(path: Path) -> Path:
    whole = noise(path.with_suffix(".whole"), 6).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _cut_in_its_head(path: Path) -> Path:
    path.write_bytes(sound.tone([440], path.with_suffix(".whole")).path.read_bytes()[:60])
    return path


def _playlist(path: Path) -> Path:
    """Names another file of this machine, which it must not read."""
    secret = noise(path.with_suffix(".secret.wav"), 3)
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{secret}\n#EXT-X-ENDLIST\n")
    return path


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (_text, errors.NotASound),
        (_program, errors.NotASound),
        (_playlist, errors.NotASound),
        (lambda path: path.touch() or path, errors.NotASound),
        (_cut, errors.Broken),
        (_cut_in_its_head, errors.Broken),
        (lambda path: noise(path, 4, loud=False), errors.Silent),
        (lambda path: noise(path, 0.1), errors.TooShort),
        (lambda path: noise(path, 661), errors.TooLong),
    ],
    ids=["text", "program", "playlist", "empty", "cut", "cut-head", "silent", "short", "eleven-minutes"],
)
def test_what_is_not_a_voice_is_refused_for_its_own_reason(tmp_path: Path, make, refusal: type[Exception]) -> None:
    source = make(tmp_path / "voix.ogg")
    target = tmp_path / "kept"
    target.mkdir()

    with pytest.raises(refusal) as refused:
        sound.encode(source, target / "out.ogg")

    assert refused.type is refusal and str(refused.value)
    assert _left(target) == []


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.ogg"
    with huge.open("wb") as file:
        file.truncate(formats.MAX_BYTES + 1)

    with pytest.raises(errors.TooBig):
        sound.encode(huge, tmp_path / "out.ogg")


def test_a_whole_is_its_pieces_with_a_breath_between_them(tmp_path: Path) -> None:
    pieces = [sound.tone([300 + 100 * n], tmp_path / f"{n}.ogg", seconds=1.2) for n in range(3)]

    made = sound.join([piece.path for piece in pieces], tmp_path / "whole.ogg")

    assert _decoded(made.path) == pytest.approx(3 * 1.2 + 2 * sound.PAUSE, abs=0.3)
    assert made.seconds == pytest.approx(_decoded(made.path), abs=0.1)
    assert _left(tmp_path) == ["0.ogg", "1.ogg", "2.ogg", "whole.ogg"]


@pytest.mark.slow
def test_a_kill_in_the_middle_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    source, target = noise(tmp_path / "long.wav", 590), tmp_path / "out.ogg"
    program = (
        "import sys, django; from pathlib import Path; django.setup(); from allervers.prevention import sound;"
        "print('go', flush=True);"
        "sound.encode(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    run = subprocess.Popen([sys.executable, "-c", program, str(source), str(target)], stdout=subprocess.PIPE)
    assert run.stdout is not None and run.stdout.readline()
    beside = target.with_name(f".{target.name}.part")
    for _wait in range(200):
        if beside.exists() and beside.stat().st_size > 0:
            break
        time.sleep(0.05)
    run.kill()
    run.wait()
    run.stdout.close()

    assert beside.exists() and not target.exists()
