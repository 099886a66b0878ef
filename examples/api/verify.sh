#!/bin/sh
# Asks the verifier app about one card: a text, or a picture.
#
#     sh examples/api/verify.sh http://127.0.0.1:8080 'HC1:…'
#     sh examples/api/verify.sh http://127.0.0.1:8080 card.png
#
# Prints the verdict's JSON. The card goes in the body, never in the address: addresses are logged on their way.
set -eu
address=${1%/} card=$2
case $card in
  *.png) kind=image/png ;;
  *.jpg | *.jpeg) kind=image/jpeg ;;
  *.pdf) kind=application/pdf ;;
  *) kind=application/json ;;
esac
if [ "$kind" = application/json ]; then
  # Base45 has neither quotes nor backslashes, so a card's text is a JSON string as it is.
  printf '{"text": "%s"}' "$card"
else
  cat "$card"
fi | curl --silent --show-error --fail-with-body --retry 3 --max-time 15 --header "Content-Type: $kind" \
  ${VAXCERT_APP_TOKEN:+--header "Authorization: Bearer $VAXCERT_APP_TOKEN"} --data-binary @- "$address/verify"
