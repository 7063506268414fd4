"""Run by the Python of .venv-bench, never imported: documents through langextract, one request each.

Reads a JSON object with `url`, `task`, `texts` and `at_once` from standard input, and prints documents a second and CPU
milliseconds a document as JSON.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import langextract
from langextract import factory
from langextract.prompt_validation import PromptValidationLevel

_EXAMPLES = [
    langextract.data.ExampleData(
        text="Arlen will send two ships, its prime minister said.",
        extractions=[
            langextract.data.Extraction(
                extraction_class="commitment",
                extraction_text="Arlen will send two ships",
                attributes={"by": "Arlen", "status": "planned"},
            )
        ],
    )
]


def main() -> None:
    """Measure what standard input asks for; the first document is only to warm up."""
    asked = json.load(sys.stdin)
    config = factory.ModelConfig(
        model_id="x", provider="OpenAILanguageModel", provider_kwargs={"api_key": "x", "base_url": asked["url"]}
    )
    model = factory.create_model(config, examples=_EXAMPLES, use_schema_constraints=True)

    def extract(text: str) -> object:
        return langextract.extract(
            text,
            prompt_description=asked["task"],
            examples=_EXAMPLES,
            model=model,
            use_schema_constraints=False,  # the model has its schema already
            max_char_buffer=10_000,  # a document is one request
            prompt_validation_level=PromptValidationLevel.OFF,
            resolver_params={"suppress_parse_errors": False},
            show_progress=False,
        )

    first, *texts = asked["texts"]
    extract(first)
    started, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(asked["at_once"]) as pool:
        list(pool.map(extract, texts))
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    print(json.dumps([len(texts) / seconds, 1000 * cpu / len(texts)]))


if __name__ == "__main__":
    main()
