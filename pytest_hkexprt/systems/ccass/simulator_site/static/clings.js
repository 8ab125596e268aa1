// A drill: the page asks whether one really wants to leave.
window.addEventListener("beforeunload", (event) => { event.preventDefault(); event.returnValue = "stay"; });
