import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { proxySettings, readDeployFile } from '../testing/deploy/deploy-files.js'

const text = readDeployFile('traefik.yaml')
const { routers, middlewares, services } = parse(text).http
const { rule, middlewares: used, service } = routers.gitmsg

describe('the file for Traefik', () => {
  it('has the same settings of gitmsg as the one for nginx', () => {
    expect(proxySettings(text)).toEqual(proxySettings(readDeployFile('nginx.conf')))
  })

  it('uses each part that it defines, once', () => {
    expect(used.toSorted()).toEqual(Object.keys(middlewares).toSorted())
    expect([service]).toEqual(Object.keys(services))
  })

  it('adds a slash to the path, then removes the path', () => {
    expect(rule).toBe('Host(`chat.example.org`) && (Path(`/chat`) || PathPrefix(`/chat/`))')
    const { regex, replacement } = middlewares['gitmsg-slash'].redirectRegex
    const redirect = (url: string) =>
      url.replace(new RegExp(regex), replacement.replaceAll(/\$\{(\d)\}/g, '$$$1'))
    const url = 'https://chat.example.org/chat'
    expect(redirect(url)).toBe(`${url}/`)
    expect(redirect(`${url}?a=b`)).toBe(`${url}/?a=b`)
    expect(redirect(`${url}/messages`)).toBe(`${url}/messages`)
    expect(middlewares['gitmsg-prefix'].stripPrefix.prefixes).toEqual(['/chat'])
    expect(used.indexOf('gitmsg-slash')).toBeLessThan(used.indexOf('gitmsg-prefix'))
  })
})
