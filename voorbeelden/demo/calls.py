"""One call, from what was asked to the reply that will be played: profile and faults together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voorbeelden.demo import breaks, sse
from voorbeelden.demo.answers import Answer
from voorbeelden.demo.chat import ChatRequest
from voorbeelden.demo.counters import SpecState
from voorbeelden.demo.errors import ApiError
from voorbeelden.demo.faults import Call, Hit, error_of, hits
from voorbeelden.demo.items import item_marks
from voorbeelden.demo.limits import Window
from voorbeelden.demo.profiles import Timing, call_timing, estimate_tokens
from voorbeelden.demo.reply import EVENT_STREAM, JSON, Reply, at_once, refused, streamed
from voorbeelden.demo.spec import DemoSpec
from voorbeelden.demo.spoil import REFUSAL, spoil


@dataclass(frozen=True, slots=True)
class _Said:
    """What the model says: the text, the field it goes in and why it stopped."""

    text: str
    timing: Timing
    field: str = "content"
    reason: str = "stop"

    @property
    def tokens(self) -> int:
        return self.timing.tokens or estimate_tokens(self.text)

    def until(self, share: float, reason: str) -> _Said:
        """The first ``share`` of it, in that share of the time and of the tokens."""
        ttft, end, tokens = self.timing.ttft, self.timing.end, self.timing.tokens
        timing = Timing(
            ttft,
            ttft + (end - ttft) * share,
            None if tokens is None else max(1, int(tokens * share)),
        )
        text = self.text[: int(len(self.text) * share)]
        return replace(self, text=text, timing=timing, reason=reason)


def compose(
    spec: DemoSpec, chat: ChatRequest, made: Answer, call: Call, state: SpecState, now: float
) -> Reply:
    """The reply to one call. ``now`` is monotonic seconds, for rate limits only."""
    hit = hits(spec, call)
    try:
        reply = _answer(spec, chat, made, call, state, hit, now)
    except ApiError as error:
        reply = refused(error)
    for each in hit:
        if each.name == "latency":
            reply = breaks.delayed(reply, each.fault.number("seconds"))
        elif each.name == "bandwidth":
            reply = breaks.throttled(reply, each.fault.number("rate"))
        elif each.name == "slice":
            size, gap = each.fault.count("size") or 1, each.fault.number("gap")
            reply = breaks.sliced(reply, size, gap, f"{each.index}:{call.number}")
    return reply


def _answer(
    spec: DemoSpec,
    chat: ChatRequest,
    made: Answer,
    call: Call,
    state: SpecState,
    hit: tuple[Hit, ...],
    now: float,
) -> Reply:
    for each in hit:
        other = made.variants.get(each.name)
        made = replace(made, content=other or spoil(each.name, made.content))
    said = _Said(made.text, call_timing(spec, call.number, made.counts, made.text))
    system = estimate_tokens(chat.system)
    prompt = system + estimate_tokens(chat.user)
    headers: dict[str, str] = {}
    for each in hit:
        if each.name == "limit":
            headers |= _window(each, state).take(now, prompt + said.tokens)
        elif (error := error_of(each.fault, chat)) is not None:
            raise error
    for each in hit:
        said = _cut_short(each, said, chat, made, state)
    usage = sse.usage_of(prompt, said.tokens, state.cached_tokens(chat.system, system))
    reply = _stream(spec, chat, said, usage, hit) if chat.stream else _whole(chat, said, usage, hit)
    return replace(reply, headers=headers) if headers else reply


def _stream(
    spec: DemoSpec, chat: ChatRequest, said: _Said, usage: sse.Usage, hit: tuple[Hit, ...]
) -> Reply:
    model, chunks = chat.model, spec.count("chunks")
    encoded = sse.encode(model, said.text, chunks, chat.include_usage, said.field)
    tail = sse.finish(model, said.text, said.reason, usage if chat.include_usage else None)
    for each in hit:
        parts = breaks.Parts(
            encoded.events, tail, EVENT_STREAM, item_marks(said.text, encoded.ends)
        )
        if (reply := breaks.broken(each.fault, parts, said.timing)) is not None:
            return reply
    return streamed(encoded, said.timing, tail)


def _whole(chat: ChatRequest, said: _Said, usage: sse.Usage, hit: tuple[Hit, ...]) -> Reply:
    body = sse.whole(chat.model, said.text, said.reason, usage, said.field)
    end = said.timing.end
    for each in hit:
        if each.name == "errorevent":
            raise ApiError.server("The server had an error.", str(each.fault.value("code")))
        middle = len(body) // 2
        parts = breaks.Parts([body[:middle], body[middle:]], b"", JSON)
        if (reply := breaks.broken(each.fault, parts, Timing(end, end))) is not None:
            return reply
    return at_once(body, said.timing)


def _cut_short(hit: Hit, said: _Said, chat: ChatRequest, made: Answer, state: SpecState) -> _Said:
    match hit.name:
        case "refusal":
            return replace(said, text=REFUSAL, field="refusal")
        case "filter":
            return said.until(hit.fault.number("after"), "content_filter")
        case "length" if not _fits(hit, chat, made, state):
            return said.until(hit.fault.number("after"), "length")
        case _:
            return said


def _fits(hit: Hit, chat: ChatRequest, made: Answer, state: SpecState) -> bool:
    """Whether the call allows more tokens than the first one for the same kinds did."""
    key = (hit.index, ",".join(made.counts))
    if key not in state.first_limits:
        state.first_limits[key] = chat.max_tokens
        return False
    first = state.first_limits[key]
    return first is not None and (chat.max_tokens is None or chat.max_tokens > first)


def _window(hit: Hit, state: SpecState) -> Window:
    fault = hit.fault
    window = Window(fault.count("requests"), fault.count("tokens"), fault.number("per"))
    return state.windows.setdefault(hit.index, window)
