#!/bin/sh
# Requests for a recording. Each is sent twice, which shows what is new each time.
gateway=${1:-http://127.0.0.1:8080}

ask() {
  curl --silent --header 'Authorization: Bearer not-in-the-suite' "$gateway/v1/quotes$1"
}

for request in /lamp /chair /sofa ''; do
  for _ in 1 2; do
    # The recording may still be starting.
    ask "$request" || { sleep 3 && ask "$request"; } || exit 1
    echo
  done
done
