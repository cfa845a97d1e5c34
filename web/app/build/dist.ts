// What the build adds to Vite's: a clean folder, requests that start before the script has run, and
// files that are compressed once, here, as far as they will go.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { makeFetchBody, makeFetchURL } from '@urql/core/internal'
import { createRequest, formatDocument } from 'urql'
import type { HtmlTagDescriptor, Plugin } from 'vite'
import { makeClient } from '../src/api/client'
import { StartDocument } from '../src/api/documents'

const dist = new URL('../dist/', import.meta.url)

/** Our own code and style, without MapLibre, is at most so many bytes in gzip. */
const ownLimit = 250 * 1024

/** Removes what an earlier build left. */
export const clean = (): Plugin => ({
  name: 'clean',
  apply: 'build',
  buildStart() {
    for (const name of readdirSync(dist)) if (name !== 'unbuilt.html') rmSync(new URL(name, dist), { recursive: true })
  },
})

/** The address of the first query, as the client will ask for it. */
function startAddress(): string {
  const client = makeClient()
  const request = createRequest(StartDocument, {})
  const operation = client.createRequestOperation('query', { ...request, query: formatDocument(request.query) }) // as the cache asks
  return makeFetchURL(operation, makeFetchBody(operation))
}

/**
 * Lets index.html ask, beside the script, for what the script will want: MapLibre and its worker, and the first answers.
 * So the first map takes three rounds of requests: the page; all its code and what is loaded; the map's data.
 */
export const ahead = (): Plugin => ({
  name: 'ahead',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle }) {
      const link = (attrs: Record<string, string | boolean>): HtmlTagDescriptor => ({ tag: 'link', attrs, injectTo: 'head' })
      const modules = new Set<string>()
      const wanted = (name: string) => {
        const file = bundle?.[name]
        if (file?.type !== 'chunk' || file.isEntry || modules.has(name)) return
        modules.add(name)
        file.imports.forEach(wanted)
      }
      for (const file of Object.values(bundle ?? {})) {
        if (file.type === 'chunk' && /(map\/pane|panel\/overview)\.tsx$/.test(file.facadeModuleId ?? '')) wanted(file.fileName)
        if (file.type === 'asset' && file.fileName.includes('worker')) modules.add(file.fileName)
      }
      return [
        ...[startAddress(), '/app.json'].map((href) => link({ rel: 'preload', as: 'fetch', crossorigin: 'anonymous', href })),
        ...[...modules].sort().map((name) => link({ rel: 'modulepreload', href: `/${name}` })),
      ]
    },
  },
})

const home = new URL('../', import.meta.url)

/** The digest of all that the build is made of: tests compare it, because times of files tell nothing where some are generated anew. ../../e2e/built_test.go computes the same. */
function digest(): string {
  const within = (folder: string) =>
    readdirSync(new URL(`${folder}/`, home), { recursive: true })
      .map((name) => `${folder}/${String(name)}`)
      .filter((name) => statSync(new URL(name, home)).isFile() && !name.includes('.test.'))
  const hash = createHash('sha256')
  for (const name of ['index.html', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', ...within('build'), ...within('src')].sort()) {
    const bytes = readFileSync(new URL(name, home))
    hash.update(`${name} ${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

/** Writes down what the build was made of. */
export const told = (): Plugin => ({
  name: 'told',
  apply: 'build',
  closeBundle: () => writeFileSync(new URL('sources.sha256', dist), `${digest()}\n`),
})

/** Writes each file in gzip and Brotli beside it, and fails where our own code has grown too large. */
export const packed = (): Plugin => ({
  name: 'packed',
  apply: 'build',
  closeBundle() {
    let own = 0
    for (const name of readdirSync(dist, { recursive: true }).map(String).sort()) {
      if (!/\.(m?js|css|html|svg)$/.test(name) || name === 'unbuilt.html') continue
      const whole = readFileSync(new URL(name, dist))
      const gzip = gzipSync(whole, { level: 9 })
      writeFileSync(new URL(`${name}.gz`, dist), gzip)
      const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length } }
      writeFileSync(new URL(`${name}.br`, dist), brotliCompressSync(whole, brotli))
      if (/\.(js|css)$/.test(name) && !name.includes('maplibre')) own += gzip.length
    }
    console.log(`own code and style, gzip: ${(own / 1024).toFixed(1)} KiB of ${ownLimit / 1024}`)
    if (own > ownLimit) throw new Error('our own code is larger than that: see ownLimit in build/dist.ts')
  },
})
