import java.io.FileInputStream;

import org.apache.axis.EngineConfiguration;
import org.apache.axis.configuration.FileProvider;
import org.apache.axis.transport.http.SimpleAxisServer;
import org.apache.axis.utils.Admin;
import org.globus.gsi.X509Credential;

/** Serves srmLs by Axis behind GSI. Arguments: host certificate, host key, deployment descriptor, folder for Axis. */
public final class Endpoint {
  public static void main(String[] arguments) throws Exception {
    X509Credential host = new X509Credential(arguments[0], arguments[1]);
    GsiServerSocket socket = new GsiServerSocket(host);
    SimpleAxisServer server = new SimpleAxisServer();
    EngineConfiguration configuration = new FileProvider(arguments[3], "server-config.wsdd");
    server.setMyConfig(configuration);
    server.setServerSocket(socket);
    Admin.main(new String[] {"server", arguments[2]});
    System.out.println("listening " + socket.getLocalPort());
    server.start(false);
  }
}
