import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

import org.globus.gsi.GSIConstants;
import org.globus.gsi.X509Credential;
import org.globus.gsi.gssapi.GSSConstants;
import org.globus.gsi.gssapi.GlobusGSSCredentialImpl;
import org.globus.gsi.gssapi.GlobusGSSManagerImpl;
import org.globus.gsi.gssapi.net.GssSocket;
import org.globus.gsi.gssapi.net.impl.GSIGssSocket;
import org.gridforum.jgss.ExtendedGSSContext;
import org.gridforum.jgss.ExtendedGSSManager;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;

/** A server socket whose connections are GSI acceptors of JGlobus: handshake, delegation byte, then the stream. */
final class GsiServerSocket extends ServerSocket {
  private final GSSCredential credential;

  GsiServerSocket(X509Credential host) throws IOException, GSSException {
    super(0, 64, InetAddress.getLoopbackAddress());
    credential = new GlobusGSSCredentialImpl(host, GSSCredential.ACCEPT_ONLY);
  }

  @Override
  public Socket accept() throws IOException {
    while (true) {
      Socket plain = super.accept();
      try {
        return secure(plain);
      } catch (IOException | GSSException refused) {
        System.err.println("refused: " + refused.getMessage());
        plain.close();
      }
    }
  }

  private Socket secure(Socket plain) throws IOException, GSSException {
    ExtendedGSSContext context =
        (ExtendedGSSContext) ExtendedGSSManager.getInstance().createContext(credential);
    context.setOption(GSSConstants.GSS_MODE, GSIConstants.MODE_GSI);
    context.setOption(GSSConstants.REQUIRE_CLIENT_AUTH, Boolean.TRUE);
    GssSocket secured = new GSIGssSocket(plain, context);
    secured.setUseClientMode(false);
    secured.setWrapMode(GssSocket.SSL_MODE);
    secured.setAuthorization(null);
    secured.startHandshake();
    System.out.println("accepted " + context.getSrcName());
    return secured;
  }
}
