import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { Reply } from './replies.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * The file for a path, from the first folder that has it; `/` means `index.html`.
 *
 * Revalidated every time (`no-cache` and a strong `ETag`), as a page that is being
 * worked on should be.
 *
 * @returns `undefined` when no folder has it.
 */
export async function findFile(
  folders: readonly string[],
  path: string,
  ifNoneMatch?: string,
): Promise<Reply | undefined> {
  const decoded = decode(path)
  if (decoded === undefined) return undefined
  for (const folder of folders) {
    const file = join(folder, normalize(decoded))
    if (file !== folder && !file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) continue
    const found = await read(file)
    if (found) return reply(found.name, found.body, ifNoneMatch)
  }
  return undefined
}

async function read(file: string): Promise<{ name: string; body: Buffer } | undefined> {
  try {
    const folder = (await stat(file)).isDirectory()
    const name = folder ? join(file, 'index.html') : file
    return { name, body: await readFile(name) }
  } catch {
    return undefined
  }
}

function reply(name: string, body: Buffer, ifNoneMatch?: string): Reply {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`
  const headers = {
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    'cache-control': 'no-cache',
    etag,
  }
  if (ifNoneMatch === etag) return { status: 304, headers, body: Buffer.alloc(0) }
  return { status: 200, headers, body }
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
