#!/bin/sh
# Renews dist/ from the npm registry: change a version here, run this, look at /graphiql, commit.
# npm checks each package against the registry's integrity sum; nothing is built.
set -eu
cd "$(dirname "$0")"
graphiql=3.9.0
react=18.3.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm init -y >/dev/null && npm install --omit=dev --ignore-scripts --no-audit --no-fund \
  "graphiql@$graphiql" "react@$react" "react-dom@$react")
modules=$work/node_modules
for file in graphiql/graphiql.min.js graphiql/graphiql.min.css react/umd/react.production.min.js react-dom/umd/react-dom.production.min.js; do
  # The source maps are not kept, so neither is the line that points at them.
  sed 's|^//# sourceMappingURL=.*$||' "$modules/$file" >"dist/${file##*/}"
done
{
  echo "What graphiql $graphiql and react, react-dom $react are made of, and under which licences."
  for folder in "$modules"/* "$modules"/@*/*; do
    [ -f "$folder/package.json" ] || continue
    printf '\n================ %s\n' "$(node -p 'let p=require(process.argv[1]);`${p.name} ${p.version} (${p.license})`' "$folder/package.json")"
    for text in "$folder"/LICENSE* "$folder"/license* "$folder"/LICENCE*; do
      [ -f "$text" ] && cat "$text" && break
    done || true
  done
} >dist/LICENSES.txt
