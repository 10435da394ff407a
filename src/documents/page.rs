//! The elements and texts of a web page, as a browser reads them (the HTML standard, section 13.2).

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ego_tree::{NodeId, Tree};
use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};

/// A node of a page.
#[derive(Debug)]
pub(super) enum Node {
    /// An element with its attributes.
    Element(QualName, Vec<(String, String)>),
    /// Text.
    Text(String),
    /// The page itself, a comment, or the like.
    Other,
}

impl Node {
    /// Whether it is an element.
    pub(super) fn is_element(&self) -> bool {
        matches!(self, Self::Element(..))
    }

    /// The name of an element.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Element(name, _) => &name.local,
            _ => "",
        }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let Self::Element(_, attributes) = self else { return None };
        attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The text of a text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Parses a page. Nothing that it refers to is fetched, and its scripts are only text.
/// `None` if its elements are nested so deeply that reading it would take minutes.
pub(super) fn parse(source: &str) -> Option<Tree<Node>> {
    let steps = Rc::new(Cell::new(0));
    let sink = Sink { tree: RefCell::new(Tree::new(Node::Other)), steps: Rc::clone(&steps) };
    let mut parser = parse_document(sink, ParseOpts::default());
    let mut rest = source;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(CHUNK));
        parser.process(StrTendril::from(part));
        if steps.get() > MAX_STEPS {
            return None;
        }
        rest = after;
    }
    Some(parser.finish())
}

/// How many bytes are parsed before the steps are looked at.
const CHUNK: usize = 16 << 10;

/// The most times that the parser may look at an open element. It looks at all of them for each new
/// one, which no page notices that people write: the largest take some millions.
const MAX_STEPS: u64 = 50_000_000;

struct Sink {
    tree: RefCell<Tree<Node>>,
    steps: Rc<Cell<u64>>,
}

/// The name of an element, which the parser asks for.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

fn pairs(attributes: Vec<Attribute>) -> impl Iterator<Item = (String, String)> {
    let pair = |attribute: Attribute| (attribute.name.local.to_string(), attribute.value.into());
    attributes.into_iter().map(pair)
}

impl Sink {
    fn orphan(&self, node: Node) -> NodeId {
        self.tree.borrow_mut().orphan(node).id()
    }

    /// Where a text ends that more text can be added to.
    fn add_to_text(&self, node: Option<NodeId>, text: &str) -> bool {
        let mut tree = self.tree.borrow_mut();
        let node = node.and_then(|id| tree.get_mut(id));
        match node {
            Some(mut node) => match node.value() {
                Node::Text(before) => {
                    before.push_str(text);
                    true
                }
                _ => false,
            },
            None => false,
        }
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree<Node>;
    type ElemName<'n> = Name;

    fn finish(self) -> Tree<Node> {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.tree.borrow().root().id()
    }

    fn elem_name(&self, target: &NodeId) -> Name {
        self.steps.set(self.steps.get() + 1);
        let tree = self.tree.borrow();
        match tree.get(*target).map(|node| node.value()) {
            Some(Node::Element(name, _)) => Name(name.clone()),
            _ => Name(QualName::new(None, Namespace::default(), LocalName::default())),
        }
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> NodeId {
        self.orphan(Node::Element(name, pairs(attributes).collect()))
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.orphan(Node::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.orphan(Node::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        match child {
            NodeOrText::AppendNode(node) => {
                let mut tree = self.tree.borrow_mut();
                if let Some(mut node) = tree.get_mut(node) {
                    node.detach();
                }
                if let Some(mut parent) = tree.get_mut(*parent) {
                    parent.append_id(node);
                }
            }
            NodeOrText::AppendText(text) => {
                let last = {
                    let tree = self.tree.borrow();
                    tree.get(*parent).and_then(|node| node.last_child()).map(|node| node.id())
                };
                if !self.add_to_text(last, &text)
                    && let Some(mut parent) = self.tree.borrow_mut().get_mut(*parent)
                {
                    parent.append(Node::Text(text.into()));
                }
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        before: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent = self.tree.borrow().get(*element).is_some_and(|n| n.parent().is_some());
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new: NodeOrText<NodeId>) {
        match new {
            NodeOrText::AppendNode(node) => {
                let mut tree = self.tree.borrow_mut();
                if let Some(mut node) = tree.get_mut(node) {
                    node.detach();
                }
                if let Some(mut sibling) = tree.get_mut(*sibling) {
                    sibling.insert_id_before(node);
                }
            }
            NodeOrText::AppendText(text) => {
                let before = {
                    let tree = self.tree.borrow();
                    tree.get(*sibling).and_then(|node| node.prev_sibling()).map(|node| node.id())
                };
                if !self.add_to_text(before, &text)
                    && let Some(mut sibling) = self.tree.borrow_mut().get_mut(*sibling)
                {
                    sibling.insert_before(Node::Text(text.into()));
                }
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        let Some(mut node) = tree.get_mut(*target) else { return };
        if let Node::Element(_, known) = node.value() {
            for (name, value) in pairs(attributes) {
                if !known.iter().any(|(there, _)| *there == name) {
                    known.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        if let Some(mut node) = self.tree.borrow_mut().get_mut(*target) {
            node.detach();
        }
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        if let Some(mut parent) = self.tree.borrow_mut().get_mut(*new_parent) {
            parent.reparent_from_id_append(*node);
        }
    }
}
