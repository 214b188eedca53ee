#!/bin/sh
# Start the app and open it in the browser. PORT and every STREAMLIT_* variable are honoured.
set -eu
cd "$(dirname "$0")/.."

# A first start asks nothing and sends nothing. Login is off until it is configured, so this machine
# only; STREAMLIT_SERVER_ADDRESS=0.0.0.0 opens the app to the network (first read docs/SECURITY.md).
export STREAMLIT_SERVER_SHOW_EMAIL_PROMPT="${STREAMLIT_SERVER_SHOW_EMAIL_PROMPT:-false}"
export STREAMLIT_BROWSER_GATHER_USAGE_STATS="${STREAMLIT_BROWSER_GATHER_USAGE_STATS:-false}"
export STREAMLIT_SERVER_ADDRESS="${STREAMLIT_SERVER_ADDRESS:-127.0.0.1}"

# Without PORT Streamlit takes 8501 or, when that is in use, the next free one.
[ -z "${PORT:-}" ] || export STREAMLIT_SERVER_PORT="$PORT"

exec "${VENV:-.venv}/bin/python" -m streamlit run app.py
