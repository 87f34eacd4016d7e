// The whole Bluesky network, with the service that reads it (the AppView): what somebody says is seen by others, and
// told to who it is about. It wants PostgreSQL and Redis. KOOR_PEER: {"postgres": address, "redis": "host:port",
// "ports": [six], "people": {…}}. Runs in the folder of the peer (node --input-type=module -e …).
import net from 'node:net'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  if (first && typeof first === 'object' && 'port' in first) return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest)
  if (first && typeof first === 'object') return listen.call(this, first, ...rest)
  return listen.call(this, Number(first ?? 0), '127.0.0.1', ...rest.filter((one) => typeof one === 'function'))
}

const asked = JSON.parse(process.env.KOOR_PEER)
process.env.REDIS_HOST = asked.redis
const { TestNetwork } = await import('@atproto/dev-env')
const network = await TestNetwork.create({
  dbPostgresUrl: asked.postgres,
  dbPostgresSchema: 'koor',
  plc: { port: asked.ports[0] },
  pds: { port: asked.ports[1], hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { port: asked.ports[2], publicUrl: `http://localhost:${asked.ports[2]}` },
  ozone: { port: asked.ports[3] },
})
for (const [handle, password] of Object.entries(asked.people)) {
  await network.pds.getAgent().createAccount({ email: `${handle.split('.')[0]}@example.org`, handle, password })
}
await network.processAll()
console.log(`READY http://localhost:${asked.ports[1]}`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
