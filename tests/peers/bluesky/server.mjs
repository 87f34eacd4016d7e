// A real Bluesky server (a PDS with its directory of names) for the tests of the connector. What it should be comes as
// JSON in KOOR_PEER: {"ports": [directory, server], "people": {"handle": "password", …}}. It binds loopback alone and
// says its address on one line when it is ready; it ends when its input does.
import net from 'node:net'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  if (first && typeof first === 'object' && 'port' in first) return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest)
  if (first && typeof first === 'object') return listen.call(this, first, ...rest)
  return listen.call(this, Number(first ?? 0), '127.0.0.1', ...rest.filter((one) => typeof one === 'function'))
}

const { TestNetworkNoAppView } = await import('@atproto/dev-env')
const asked = JSON.parse(process.env.KOOR_PEER)
const network = await TestNetworkNoAppView.create({
  plc: { port: asked.ports[0] },
  pds: { port: asked.ports[1], hostname: 'localhost', enableDidDocWithSession: true },
})
for (const [handle, password] of Object.entries(asked.people)) {
  await network.pds.getAgent().createAccount({ email: `${handle.split('.')[0]}@example.org`, handle, password })
}
console.log(`READY http://localhost:${asked.ports[1]}`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
