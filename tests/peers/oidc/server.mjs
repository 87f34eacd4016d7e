// A real OpenID Connect provider for the tests of sign-in. What it should be comes as JSON in KOOR_PEER:
// {"redirect": address that may be returned to, "people": {"name at the provider": claims, …},
//  "seconds": how long an access token lives}. Refresh tokens count once: one that comes back ends everything.
// It chooses a free port of loopback and says its issuer on one line when it is ready.
import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const asked = JSON.parse(process.env.KOOR_PEER)
const server = createServer((request, response) => answer(request, response))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'koor',
    client_secret: 'a secret that only the two of them know',
    redirect_uris: [asked.redirect],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['of this test alone'] },
  ttl: { AccessToken: asked.seconds ?? 3600 },
  rotateRefreshToken: true,
  issueRefreshToken: (_context, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
  pkce: { required: () => true },
  findAccount: (_context, name) => asked.people[name] && {
    accountId: name,
    claims: () => ({ sub: name, ...asked.people[name] }),
  },
})
const answer = provider.callback()
console.log(`READY ${issuer}`)

// Ends with the test that asked for it, however that ends.
process.stdin.resume()
process.stdin.on('end', () => process.exit())
