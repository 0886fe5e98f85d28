"""An XTTS model of the real form, shrunk and with random weights, that knows when to stop. Needs coqui-tts."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models
from TTS.tts.configs.xtts_config import XttsArgs, XttsConfig
from TTS.tts.models.xtts import Xtts

SPEAKERS = ("Claribel Dervla", "Damien Black")
TOKENS = 30
"""Of audio, for any text; 46 ms each."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюя0123456789.,!?'-"
_CHANNELS = 64
_AUDIO_TOKENS = 66
"""The last two begin and end the audio."""


def build(folder: Path, *, tokens: int = TOKENS) -> Path:
    """Write the model's files and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    symbols = _tokenizer(folder / "vocab.json")
    config = XttsConfig(model_args=_arguments(symbols), gpt_cond_len=3, gpt_cond_chunk_len=3)
    model = Xtts(config)
    _teach_to_stop(model, tokens)
    config.save_json(str(folder / "config.json"))
    torch.save({"model": model.state_dict()}, folder / "model.pth")
    latents = {
        name: {
            "gpt_cond_latent": torch.randn(1, 32, _CHANNELS) / 10,
            "speaker_embedding": torch.nn.functional.normalize(torch.randn(1, 512, 1), dim=1),
        }
        for name in SPEAKERS
    }
    torch.save(latents, folder / "speakers_xtts.pth")
    return folder


def _tokenizer(path: Path) -> int:
    special = ["[STOP]", "[UNK]", "[SPACE]", "[START]", "[ru]", "[en]", "[zh-cn]", "[zh]"]
    vocabulary = {symbol: number for number, symbol in enumerate([*special, *_LETTERS])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="[UNK]"))
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(path))
    return len(vocabulary)


def _arguments(symbols: int) -> XttsArgs:
    return XttsArgs(
        gpt_layers=2,
        gpt_n_model_channels=_CHANNELS,
        gpt_n_heads=2,
        gpt_number_text_tokens=symbols,
        gpt_start_text_token=3,
        gpt_stop_text_token=0,
        gpt_num_audio_tokens=_AUDIO_TOKENS,
        gpt_start_audio_token=_AUDIO_TOKENS - 2,
        gpt_stop_audio_token=_AUDIO_TOKENS - 1,
        gpt_use_perceiver_resampler=True,
        decoder_input_dim=_CHANNELS,
    )


def _teach_to_stop(model: Xtts, tokens: int) -> None:
    """Let the place of a token outweigh all else: up to `tokens` it speaks against the end, and from there for it."""
    direction = torch.nn.functional.normalize(torch.randn(_CHANNELS), dim=0)
    places = model.gpt.mel_pos_embedding.emb.weight.data
    signs = torch.where(torch.arange(len(places)) < tokens, -100.0, 100.0)
    places.copy_(signs.unsqueeze(1) * direction + torch.randn_like(places))
    model.gpt.mel_head.weight.data[_AUDIO_TOKENS - 1] = 10 * direction
