/** The engine's own members of `XMLHttpRequest`, as they were before ours took their place. */
export interface NativeXhr {
  get<Name extends keyof XMLHttpRequest>(xhr: XMLHttpRequest, name: Name): XMLHttpRequest[Name]
  run(xhr: XMLHttpRequest, name: keyof XMLHttpRequest, args?: ArrayLike<unknown>): unknown
}

export function nativeXhr(prototype: XMLHttpRequest): NativeXhr {
  const before = Object.create(Object.getPrototypeOf(prototype), Object.getOwnPropertyDescriptors(prototype))
  return {
    get: (xhr, name) => Reflect.get(before, name, xhr),
    run: (xhr, name, args = []) => Reflect.apply(before[name], xhr, args),
  }
}
