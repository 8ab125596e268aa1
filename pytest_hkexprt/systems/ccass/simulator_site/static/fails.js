// A drill: the script that should draw the page fails.
window.application.draw(document.getElementById("app"));
