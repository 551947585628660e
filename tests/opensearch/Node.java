import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/** One OpenSearch node with HTTP and nothing else: `java -cp 'lib/*' Node.java HOME PORT`. */
public class Node extends org.opensearch.node.Node {
    Node(Settings settings, List<Class<? extends Plugin>> plugins) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "search"), plugins, false);
    }

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.builder()
            .put("path.home", arguments[0])
            .put("cluster.name", "mesonet")
            .put("network.host", "127.0.0.1")
            .put("http.type", "netty4")
            .put("http.port", arguments[1])
            .put("transport.type", "netty4")
            .put("transport.port", "0")
            .put("discovery.type", "single-node")
            .put("action.auto_create_index", "false")
            .put("cluster.routing.allocation.disk.threshold_enabled", "false")
            .put("node.processors", "1")
            .build();
        new Node(settings, List.of(Netty4Plugin.class)).start();
        // It ends with whoever started it: that closes its standard input
        while (System.in.read() >= 0) {
        }
        System.exit(0);
    }
}
