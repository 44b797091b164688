import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

/** Reads `/asyncapi.json`; the result throws unless that describes the frame. */
export async function openFrameCheck(url: string): Promise<(frame: { readonly type: string }) => void> {
  const ajv = new Ajv({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema((await (await fetch(new URL('asyncapi.json', url))).json()) as object, 'live')
  return function checkFrame(frame) {
    const validate = ajv.getSchema(`live#/components/schemas/${frame.type}`)
    if (!validate?.(frame)) throw new Error(`not as described: ${JSON.stringify(validate?.errors)}`)
  }
}
