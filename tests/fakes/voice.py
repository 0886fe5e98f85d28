"""Ears and a voice as a Wyoming server brings them, for tests inside Home Assistant."""

from collections.abc import AsyncIterable
from typing import Any

from homeassistant.components import stt, tts
from homeassistant.config_entries import ConfigEntry, ConfigFlow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_config_flow,
    mock_integration,
    mock_platform,
)


class Ears(stt.SpeechToTextEntity):
    """Understands a few languages."""

    _attr_unique_id = "ears"
    _attr_name = "Ears"
    supported_formats = [stt.AudioFormats.WAV]  # noqa: RUF012
    supported_codecs = [stt.AudioCodecs.PCM]  # noqa: RUF012
    supported_bit_rates = [stt.AudioBitRates.BITRATE_16]  # noqa: RUF012
    supported_sample_rates = [stt.AudioSampleRates.SAMPLERATE_16000]  # noqa: RUF012
    supported_channels = [stt.AudioChannels.CHANNEL_MONO]  # noqa: RUF012
    supported_languages = ["ru", "en"]  # noqa: RUF012

    async def async_process_audio_stream(
        self, metadata: stt.SpeechMetadata, stream: AsyncIterable[bytes]
    ) -> stt.SpeechResult:
        """Hear nothing."""
        return stt.SpeechResult("", stt.SpeechResultState.SUCCESS)


class Voice(tts.TextToSpeechEntity):
    """Speaks the same languages, with one voice."""

    _attr_unique_id = "voice"
    _attr_name = "Voice"
    _attr_supported_languages = ["ru", "en"]  # noqa: RUF012
    _attr_default_language = "ru"

    def async_get_supported_voices(self, language: str) -> list[tts.Voice]:
        """Return the voice."""
        return [tts.Voice(f"{language}_anna", "Anna")]


async def async_add_wyoming(hass: HomeAssistant, title: str = "voice-rag", host: str = "127.0.0.1") -> ConfigEntry:
    """Add an entry of the wyoming integration with an stt and a tts entity."""

    async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
        await hass.config_entries.async_forward_entry_setups(entry, [Platform.STT, Platform.TTS])
        return True

    def platform(entity: type[Any]) -> Any:
        async def async_setup(
            hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
        ) -> None:
            async_add_entities([entity()])

        return type("Platform", (), {"async_setup_entry": staticmethod(async_setup)})

    mock_integration(hass, MockModule("wyoming", async_setup_entry=async_setup_entry))
    mock_platform(hass, "wyoming.config_flow")
    mock_platform(hass, "wyoming.stt", platform(Ears))
    mock_platform(hass, "wyoming.tts", platform(Voice))
    entry = MockConfigEntry(domain="wyoming", title=title, data={"host": host, "port": 10300})
    entry.add_to_hass(hass)
    with mock_config_flow("wyoming", ConfigFlow):
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry
