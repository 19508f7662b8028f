/** Rollup plugin: packages made for bundlers ask for this variable; a browser has no `process`. */
export default function production() {
  return {
    name: 'production',
    transform(code, id) {
      if (!id.includes('node_modules') || !code.includes('process.env.NODE_ENV')) return null;
      return { code: code.replaceAll('process.env.NODE_ENV', '"production"'), map: null };
    },
  };
}
