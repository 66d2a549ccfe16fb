import com.pulumi.automation.LocalWorkspace;
import com.pulumi.automation.LocalWorkspaceOptions;
import com.pulumi.automation.PreviewOptions;
import com.pulumi.automation.UpOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the exchange on the real engine without a language host: as an inline program of the Automation API. The first argument is `up` or
 * `preview`; the working directory holds Pulumi.yaml and the stack `dev`. What the engine prints goes to stdout; the exit status is 1
 * when it refused.
 */
public class Run {
  public static void main(String[] arguments) throws Exception {
    // This SDK knows no `packages` and refuses a project file unlike its own: it writes its own, then ours is put back.
    var file = Path.of("Pulumi.yaml");
    var project = Files.readString(file);
    Files.delete(file);
    var options = LocalWorkspaceOptions.builder().workDir(Path.of("").toAbsolutePath()).build();
    try (var stack = LocalWorkspace.selectStack("exchange", "dev", Exchange::program, options)) {
      Files.writeString(file, project);
      if (arguments[0].equals("up")) {
        stack.up(UpOptions.builder().color("never").onStandardOutput(System.out::println).build());
      } else {
        stack.preview(PreviewOptions.builder().color("never").onStandardOutput(System.out::println).build());
      }
    } catch (com.pulumi.automation.CommandException refused) {
      System.exit(1); // what the engine said has been printed
    } finally {
      Files.writeString(file, project);
    }
    System.exit(0);
  }
}
