import { expect, test } from 'vitest'
import { loadedUrls } from '../../../src/page/loaded.ts'

test('own scripts, preloaded modules, styles and pictures are told, and the page itself', () => {
  const entries = [
    { name: 'https://a.example/app.js', initiatorType: 'script' },
    { name: 'https://a.example/app.js', initiatorType: 'link' },
    { name: 'https://a.example/font.woff2', initiatorType: 'css' },
    { name: 'https://a.example/preloaded-module.js', initiatorType: 'other' },
    { name: 'https://a.example/api/x', initiatorType: 'fetch' },
    { name: 'https://cdn.example/lib.js', initiatorType: 'script' },
    { name: 'https://a.example.evil/x.js', initiatorType: 'script' },
  ]
  expect(loadedUrls(entries, 'https://a.example/page?x=1#top')).toEqual([
    'https://a.example/page?x=1',
    'https://a.example/app.js',
    'https://a.example/font.woff2',
    'https://a.example/preloaded-module.js',
  ])
})

test('of pictures only files: one that is drawn for each request would be another', () => {
  const entries = ['logo.png', 'photo.JPG#x', 'captcha', 'pixel.gif?visit=1'].map(name => ({
    name: `https://a.example/${name}`,
    initiatorType: 'img',
  }))
  const page = 'https://a.example/'
  expect(loadedUrls(entries, page)).toEqual([page, 'https://a.example/logo.png', 'https://a.example/photo.JPG'])
})
